import type { OwnLease } from '../../src-shared/license.ts';
import { useCommonWords } from '../messages/words.ts';

/** When the seat of a lease that was ended from elsewhere is free, and who can free it earlier. */
export const useUnconfirmedWords = (): ((lease: Pick<OwnLease, 'machine' | 'busyUntil' | 'contacts'>) => string) => {
  const common = useCommonWords();
  return ({ machine, busyUntil, contacts }) => {
    const people = contacts.length === 0 ? common('unconfirmed.owners') : contacts.map(({ name }) => name).join(', ');
    return `${common('unconfirmed.text', { machine: machine.name, until: busyUntil })} ${common('unconfirmed.early', { people })}`;
  };
};

export const UnconfirmedText = ({ lease }: { readonly lease: OwnLease }) => {
  const words = useUnconfirmedWords();
  return <span className="lk-soft lk-small">{words(lease)}</span>;
};
