/** Words of the page that an invitation's link leads to. */
export const invitation = {
  title: 'Invitation', titleTo: 'Join {{organization}}',
  looking: 'Looking at the invitation',
  offer: '{{from}} invites you to {{organization}} as {{role}}.',
  ends: 'Can be accepted until <at/>', for: 'For', organization: 'Organization', role: 'Role', by: 'Invited by',
  accept: 'Join {{organization}}', accepting: 'Joining', decline: 'Decline',
  declineTitle: 'Decline the invitation?', declineText: 'Its link is dead from then on. {{organization}} can invite you again.', declineKeep: 'Not now', declining: 'Declining',
  declined: 'You declined the invitation', declinedText: '{{from}} sees that. You can close this page.',
  joined: 'Welcome to {{organization}}',
  signIn: { title: 'You have an account', text: 'Sign in as {{email}} to answer.' },
  other: { title: 'You are signed in as {{actual}}', text: 'This invitation is for {{email}}. Sign out and open its link again, or ask for an invitation to {{actual}}.', action: 'Sign out' },
  signUp: {
    title: 'Create your account', text: 'For {{email}}. It takes a minute.', firstName: 'First name', lastName: 'Last name', missing: 'This is needed.', password: 'Choose a password', passwordMissing: 'Choose a password.',
    agreement: 'I accept the license agreement', privacy: 'I accept the privacy policy', readAgreement: 'Read the license agreement', readPrivacy: 'Read the privacy policy', version: 'Version {{version}}', mustAccept: 'This must be accepted to go on.',
    action: 'Create account and join', pending: 'Creating your account', taken: 'There is an account for this address already. Load the page again and sign in.',
  },
  terms: { loading: 'Getting the text', close: 'Close' },
  none: { title: 'This is no invitation', text: 'The link is incomplete. Open it again from the mail, in one piece.', action: 'To the start' },
  ended: { title: 'This invitation has ended', text: 'It was answered or cancelled, replaced by a newer one, or is older than 14 days. Ask for a new one.', action: 'To the start' },
  app: {
    inPortal: 'Answer in the browser', otherText: 'This invitation is for {{email}}. Answer it in the browser, or sign in here as that person.',
    alone: 'This computer works without a network', aloneText: 'Open the link from the mail in a browser on a computer that reaches the license authority.',
  },
} as const;
