import { useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../desktop/paths.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { ConfirmDialog, RadioGroup } from '../ui/index.ts';
import './session.css';

/** Asks what becomes of the licenses in online mode before the person is signed out. */
export const LogOutDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useWords();
  const common = useCommonWords();
  const [, navigate] = useLocation();
  const leases = useDesktopState((state) => state.leases);
  const online = leases.filter(({ mode, carrier }) => mode === 'online' && carrier === 'network');
  const offline = leases.filter(({ mode }) => mode === 'offline');
  const [choice, setChoice] = useState<'release' | 'keep'>('release');
  const { run, isPending, problem } = useAction('session.sign-out');
  const names = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' });

  const leave = async () => {
    const result = await run({ release: online.length > 0 && choice === 'release' });
    if (!result.ok) return;
    onClose();
    navigate(offline.length > 0 ? paths.lease : paths.picker);
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('logOut.title')}
      confirmLabel={t('logOut.action')}
      cancelLabel={common('actions.cancel')}
      onConfirm={() => void leave()}
      isPending={isPending}
      pendingLabel={t('logOut.pending')}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <div className="lk-stack">
        {online.length === 0
          ? <p>{t('logOut.none')}</p>
          : (
            <>
              <div>
                <p>{t('logOut.text', { count: online.length })}</p>
                <ul className="log-out-list">{online.map(({ id, product, edition }) => <li key={id}>{product.name} {edition}</li>)}</ul>
              </div>
              <RadioGroup
                label={t('logOut.question')}
                isLabelHidden
                variant="cards"
                value={choice}
                onChange={setChoice}
                isDisabled={isPending}
                options={[
                  { id: 'release', label: t('logOut.release'), text: t('logOut.releaseText') },
                  { id: 'keep', label: t('logOut.keep'), text: t('logOut.keepText') },
                ]}
              />
            </>
          )}
        {offline.length > 0 && <p className="lk-soft">{t('logOut.offline', { count: offline.length, products: names.format(offline.map(({ product }) => product.name)) })}</p>}
      </div>
    </ConfirmDialog>
  );
};
