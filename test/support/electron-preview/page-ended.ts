/**
 * Electron's window would be gone; this page stays, and must not look like an app that runs.
 * The page gets this function's own text, so it may use nothing from outside itself.
 */
export function sayEnded(appName: string): void {
  const ended = `${appName} has ended`;
  const element = (name: string, text: string, style: Readonly<Record<string, string>>): HTMLElement => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [property, value] of Object.entries(style)) made.style.setProperty(property, value);
    return made;
  };
  const dialog = element('dialog', '', {
    'border': '0', 'border-radius': '10px', 'padding': '28px', 'max-width': '420px', 'color': '#1d1b16', 'background': '#fff', 'box-shadow': '0 0 0 200vmax rgb(20 18 14 / 75%)', 'font': '15px/1.5 system-ui, sans-serif',
  }) as HTMLDialogElement;
  dialog.append(
    element('h1', ended, { 'margin': '0 0 8px', 'font-size': '20px' }),
    element('p', 'The app behind this page no longer runs, or has closed this window. Nothing you do here has any effect.', { margin: '0 0 8px' }),
    element('p', 'Start it again, and open the address that it prints.', { margin: '0' }),
  );
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  document.title = ended;
}
