import { useState } from 'react';
import type { MachineRow } from '../../src-shared/http/holdings.ts';
import { may } from '../../src-shared/role.ts';
import { useOrganization } from '../authority/index.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { Banner, Button } from '../ui/index.ts';
import { ResolveDialog } from './ResolveDialog.tsx';

/** That a machine waits for a decision or is retired, what that means, and the way to decide. */
export const CopyNote = ({ machine, onChanged }: { readonly machine: MachineRow; readonly onChanged: () => void }) => {
  const t = useHoldingsWords();
  const { role } = useOrganization();
  const [isDeciding, setDeciding] = useState(false);
  const mayDecide = may(role, 'lease.release-any');
  const { clonedAt, retiredAt } = machine;
  if (retiredAt !== null) return <Banner tone="info" title={t('copied.retiredTitle', { at: retiredAt })}>{t('copied.retiredText')}</Banner>;
  if (clonedAt === null && !isDeciding) return null;
  return (
    <>
      {clonedAt !== null && (
        <Banner
          tone="danger"
          title={t('copied.title')}
          action={mayDecide ? <Button variant="primary" onPress={() => setDeciding(true)}>{t('copied.decide')}</Button> : undefined}
        >
          <p>{t('copied.text', { at: clonedAt })}</p>
          <p>{t(mayDecide ? 'copied.until' : 'copied.untilOthers')}</p>
        </Banner>
      )}
      {isDeciding && <ResolveDialog machine={machine} onClose={() => setDeciding(false)} onDone={onChanged} />}
    </>
  );
};
