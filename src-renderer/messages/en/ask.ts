/** Asking for an assignment or for a seat: in the picker, and on the pages about what an organization owns. */
export const ask = {
  assignment: 'Request assignment',
  release: 'Ask to release',
  releaseOf: 'Ask to release: {{product}}, {{person}}',
  title: { assignment: 'Request {{product}}', release: 'Ask {{person}} to release {{product}}' },
  text: {
    assignment: 'The owners and managers of {{organization}} are told by e-mail, and find it under Requests.',
    release: '{{person}} is told by e-mail, and can release it with one click.',
  },
  note: 'Message',
  noteText: 'Optional: what you need it for, and when.',
  action: 'Send request',
  pending: 'Sending',
  done: 'Your request was sent',
  doneText: { assignment: 'The picker shows {{product}} as soon as it is assigned to you.', release: 'The picker shows {{product}} as free as soon as it is released.' },
  asked: 'You asked on {{at, when}}',
  conflict: 'You have asked for this already, or it is no longer needed.',
} as const;
