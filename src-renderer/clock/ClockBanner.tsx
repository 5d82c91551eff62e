import { FileDown, RefreshCw } from 'lucide-react';
import { useLocation } from 'wouter';
import type { ClockState } from '../../src-shared/desktop.ts';
import { paths } from '../desktop/paths.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { useSave } from '../saving/use-save.ts';
import { Banner, Button, Link, notify } from '../ui/index.ts';
import './clock.css';

type WrongClock = Extract<ClockState, { readonly ok: false }>;

/** Stands above every page while the clock is wrong, or while what it once showed is. */
export const ClockBanner = ({ clock }: { readonly clock: WrongClock }) => {
  const t = useWords();
  const [, navigate] = useLocation();
  const request = useDesktopState((state) => state.requests.find(({ purpose }) => purpose === 'time'));
  const check = useAction('clock.check');
  const asked = useAction('exchange.create-time-request');
  const saveFile = useSave();
  const { cause } = clock;

  const checkAgain = async () => {
    const result = await check.run(null);
    if (result.ok) notify({ title: t('clock.right'), text: t('clock.rightText') });
    else if (result.code === 'CLOCK_ROLLED_BACK') notify({ tone: 'warn', title: t('clock.stillWrong') });
  };
  const save = async () => {
    const result = await asked.run(null);
    if (!result.ok) return;
    void saveFile({ name: result.value.name, content: result.value.text }, { text: t('clock.savedText') });
    navigate(paths.exchange);
  };
  const problem = asked.problem ?? (check.problem?.code === 'CLOCK_ROLLED_BACK' ? null : check.problem);
  const checkButton = <Button icon={<RefreshCw aria-hidden="true" />} isPending={check.isPending} pendingLabel={t('clock.checking')} onPress={() => void checkAgain()}>{t('clock.check')}</Button>;
  return (
    <Banner tone="danger" live="alert" title={t(`clock.${cause}.title`)} {...(cause !== 'doubt' && { action: checkButton })}>
      <p>{t(`clock.${cause}.text`, { ...clock })}</p>
      {cause === 'doubt'
        ? (
          <>
            <ul className="clock-ways">
              <li>{t('clock.doubt.behind')}</li>
              <li>{t(request === undefined ? 'clock.doubt.ahead' : 'clock.doubt.waits')}</li>
            </ul>
            <div className="lk-row">
              {request === undefined
                ? <Button icon={<FileDown aria-hidden="true" />} isPending={asked.isPending} pendingLabel={t('exchange.form.pending')} onPress={() => void save()}>{t('clock.save')}</Button>
                : <Link href={paths.exchange} variant="button">{t('clock.show')}</Link>}
              {checkButton}
            </div>
          </>
        )
        : <p className="problem-next">{t(`clock.${cause}.next`)}</p>}
      {problem !== null && <p><ProblemText problem={problem} /></p>}
    </Banner>
  );
};
