/** Words of signing in and of the user menu; both entries use them. */
export const session = {
  signIn: {
    title: 'Sign in',
    text: 'With the account your organization gave you.',
    to: 'License authority: {{address}}',
    submit: 'Sign in',
    pending: 'Signing in',
    otpText: 'Six digits from your authenticator app, or a recovery code.',
    emailMissing: 'Enter your e-mail address.',
    passwordMissing: 'Enter your password.',
    otpMissing: 'Enter the code.',
  },
  menu: {
    label: 'Account of {{name}}',
    organization: 'Organization',
    isDefault: 'Default',
    setDefault: 'Set {{name}} as default',
    isDefaultAlready: '{{name}} is the default',
    setDefaultText: 'The picker shows it first, on every machine.',
    noOrganization: 'No organization',
    logOut: 'Sign out',
    defaultSet: '{{name}} is now the default organization',
  },
} as const;
