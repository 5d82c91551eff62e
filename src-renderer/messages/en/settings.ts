/** Words of the app's Settings page. */
export const settings = {
  title: 'Settings',
  lead: 'They apply to this computer and to you alone.',
  background: { title: 'Start and background', text: 'A license is renewed only while Latchkey runs.' },
  login: {
    label: 'Start Latchkey when you sign in to this computer',
    text: 'It starts in the background, without a window.',
    locked: {
      administrator: 'Your administrator has set this.',
      unpackaged: 'Only an installed Latchkey can be started at sign-in. This one runs from its sources.',
      'foreign-file': 'Another program has put a file called latchkey-at-login.desktop into your autostart folder. Remove it to change this here.',
    },
    blocked: {
      'task-manager': { title: 'Windows does not start Latchkey', text: 'It was turned off in Task Manager or in Settings under Apps, Startup.', action: 'Turn it on again' },
      approval: { title: 'macOS does not start Latchkey', text: 'Allow it in System Settings under General, Login Items.' },
    },
    refused: { title: 'The system did not take this', text: 'Latchkey is not started at sign-in. Make sure that it is installed in its usual place, and try again.' },
  },
  closing: {
    label: 'When you close the window',
    stay: 'Keep Latchkey running',
    stayTray: 'You find it in the notification area.',
    stayMenuBar: 'You find it in the menu bar.',
    stayMinimized: 'This desktop shows no tray icons, so the window is minimized.',
    quit: 'Quit Latchkey',
    quitText: 'Licenses stay valid until their time is over, and are not renewed until you start it again.',
  },
};
