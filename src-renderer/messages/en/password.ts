/** Words of choosing a password. */
export const password = {
  new: 'New password',
  hint: 'At least 10 characters. Several words that do not belong together are good.',
  strength: 'Strength',
  scores: { '0': 'far too easy', '1': 'too easy', '2': 'not quite enough', '3': 'good', '4': 'very good' },
  why: {
    common: 'It is one of the passwords that are tried first.',
    name: 'It is built around a name or your own data.',
    word: 'It is built around a single common word.',
    keyboard: 'Keys that lie side by side are easy to guess.',
    repeat: 'Repeated characters add little.',
    sequence: 'Sequences such as “abc” or “6543” are easy to guess.',
    date: 'Dates and years are easy to guess.',
    short: 'Make it longer.',
  },
} as const;
