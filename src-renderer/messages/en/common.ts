/** Words that both entries use. */
export const common = {
  brand: 'Latchkey',
  actions: {
    cancel: 'Cancel', close: 'Close', retry: 'Try again', refresh: 'Refresh', release: 'Release', save: 'Save', copy: 'Copy', download: 'Download',
    signIn: 'Sign in', signOut: 'Sign out', back: 'Back', next: 'Next', change: 'Change', showMore: 'Show more', dismiss: 'Dismiss',
  },
  waiting: { text: 'Waiting for the license authority…', stop: 'Stop waiting' },
  signIn: { email: 'E-mail', password: 'Password', otp: 'Code', showPassword: 'Show password', hidePassword: 'Hide password' },
  mode: { online: 'online', offline: 'offline', Online: 'Online', Offline: 'Offline' },
  seats: { free: 'free', inUse: 'in use', inTransit: 'in transit', atRisk: 'at risk', freeOf: '{{free}} of {{owned}} free' },
  unconfirmed: {
    badge: 'Not confirmed yet',
    text: 'Released. The seat is free when {{machine}} confirms it, at the latest {{until, when}}.',
    early: 'It can be freed earlier by {{people}}.',
    owners: 'an owner or manager',
  },
  defect: { title: 'This page could not be shown', text: 'That is a defect on our side. Your licenses are as they were; loading again loses nothing.', reload: 'Load again', log: 'Show log' },
  saving: {
    begun: 'The download of {{file}} has begun', saved: '{{file}} is saved', where: 'In the folder {{folder}}.', show: 'Show in folder',
    cancelled: 'Nothing was saved', cancelledText: 'You closed the dialog before {{file}} was saved. Save it again when you need it.',
    failed: '{{file}} could not be saved', full: 'The disk is full. Make room on it, or save the file in another place.', other: 'It could not be written there. Save it in another place.',
  },
  cluster: { eu: 'European Union', us: 'United States', ap: 'Asia and Pacific' },
  role: { owner: 'Owner', manager: 'Manager', editor: 'Editor', reader: 'Reader' },
  document: {
    request: 'an activation request', license: 'a license file', release: 'a release proof', receipt: 'a receipt', keyset: 'a keyset', time: 'a time ticket', unknown: 'another document',
  },
  malformed: {
    'not-a-file': 'it is not a file', size: 'it is too large', encoding: 'it is not plain text', armor: 'its first or last line is missing', label: 'its first line names no document we know',
    lines: 'its lines are broken in the wrong places', base64url: 'its contents are cut or changed', header: 'its header cannot be read', typ: 'its header names no document we know',
    payload: 'its contents cannot be read', claims: 'something in it is missing or too much', unknown: 'it cannot be read',
  },
  part: { os: 'Operating system', board: 'Main board', cpu: 'Processor', disk: 'System disk', net: 'Network' },
} as const;
