const NAME = 'latchkey.binding';

let here: string | null = null;

/**
 * The second secret of the session in the cookie (docs/adr/0015-session-binding.md). All pages of this browser share it; one
 * whose storage is closed to us keeps it as long as the page stands.
 */
export const bindingKept = (): string | null => {
  try {
    return localStorage.getItem(NAME) ?? here;
  } catch {
    return here;
  }
};

export const keepBinding = (binding: string | null): void => {
  if (binding === null) return;
  here = binding;
  try {
    localStorage.setItem(NAME, binding);
  } catch {
    // This page goes on with its own copy.
  }
};

export const forgetBinding = (): void => {
  here = null;
  try {
    localStorage.removeItem(NAME);
  } catch {
    // Then nothing was kept.
  }
};
