import { CircleCheck, CircleHelp, CircleMinus, TriangleAlert } from 'lucide-react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import type { PartVerdict } from '../../src-shared/fingerprint.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';

const marks = { same: CircleCheck, changed: TriangleAlert, unread: CircleHelp, absent: CircleMinus } as const;

/** This computer against the one that the license was given to, part by part, and what that comes to. */
export const Parts = ({ fingerprint: { within, parts, same, needed } }: Pick<HeldLease, 'fingerprint'>) => {
  const t = useWords();
  const common = useCommonWords();
  const known = fingerprintParts.filter((part) => parts[part] !== 'absent').length;
  const has = (verdict: PartVerdict): boolean => fingerprintParts.some((part) => parts[part] === verdict);
  const sum = known === 0 ? 'keyOnly' : !within ? 'outside' : same === known ? 'same' : has('unread') && !has('changed') ? 'unread' : parts.os === 'same' ? 'withinBySystem' : 'within';
  return (
    <div className="lease-parts">
      <p>{t(`lease.parts.${sum}`, { same, known, needed })}</p>
      <ul>
        {fingerprintParts.map((part) => {
          const Mark = marks[parts[part]];
          return (
            <li key={part} data-verdict={parts[part]}>
              <Mark aria-hidden="true" />
              <span>{common(`part.${part}`)}</span>
              <span className="lk-soft">{t(`lease.parts.verdict.${parts[part]}`)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
};
