import type { password as english } from '../en/password.ts';
import type { Translation } from '../translation.ts';

export const password: Translation<typeof english> = {
  new: 'Neues Passwort',
  hint: 'Mindestens 10 Zeichen. Gut sind mehrere Wörter, die nicht zusammengehören.',
  strength: 'Stärke',
  scores: { '0': 'viel zu leicht', '1': 'zu leicht', '2': 'noch nicht genug', '3': 'gut', '4': 'sehr gut' },
  why: {
    common: 'Es gehört zu den Passwörtern, die zuerst versucht werden.',
    name: 'Es besteht vor allem aus einem Namen oder eigenen Angaben.',
    word: 'Es besteht vor allem aus einem einzigen häufigen Wort.',
    keyboard: 'Nebeneinanderliegende Tasten sind leicht zu erraten.',
    repeat: 'Wiederholte Zeichen nützen wenig.',
    sequence: 'Folgen wie „abc“ oder „6543“ sind leicht zu erraten.',
    date: 'Daten und Jahreszahlen sind leicht zu erraten.',
    short: 'Es sollte länger sein.',
  },
};
