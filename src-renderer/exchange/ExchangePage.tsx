import { useState } from 'react';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import type { Brought } from '../desktop/sent.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { Button, Stepper } from '../ui/index.ts';
import { BringFile } from './BringFile.tsx';
import { GivenUp } from './GivenUp.tsx';
import { MachineCard } from './MachineCard.tsx';
import { RequestCard } from './RequestCard.tsx';
import { RequestForm } from './RequestForm.tsx';
import './exchange.css';

export type ExchangePageProps = {
  /** A file that was opened from the desktop or the command line. */
  readonly file: Brought;
  readonly onFileTaken: () => void;
  /** The lease to be extended by file. */
  readonly renew: string | null;
};

/** The three files carried by hand: a request out, a license file in, a release proof out. */
export const ExchangePage = ({ file, onFileTaken, renew }: ExchangePageProps) => {
  const t = useWords();
  const requests = useDesktopState((state) => state.requests);
  const leases = useDesktopState((state) => state.leases);
  const renewed = leases.find(({ id }) => id === renew) ?? null;
  const [isAnother, setAnother] = useState(renewed !== null);
  const [hasFile, setHasFile] = useState(false);
  const isOpen = requests.length > 0;
  const showsForm = !isOpen || isAnother;
  return (
    <DesktopPage title={t('exchange.title')} subtitle={t('exchange.subtitle')}>
      <Stepper
        label={t('exchange.steps')}
        stateLabels={{ done: t('exchange.state.done'), current: t('exchange.state.current'), todo: t('exchange.state.todo') }}
        steps={[
          {
            id: 'save',
            title: t('exchange.save.title'),
            text: isOpen ? t('exchange.save.done', { count: requests.length }) : t('exchange.save.text'),
            state: isOpen || hasFile ? 'done' : 'current',
            content: showsForm
              ? <RequestForm renewed={renewed} onSaved={() => setAnother(false)} {...(isOpen && { onCancel: () => setAnother(false) })} />
              : <Button size="small" onPress={() => setAnother(true)}>{t('exchange.save.another')}</Button>,
          },
          {
            id: 'carry',
            title: t('exchange.carry.title'),
            text: t('exchange.carry.text'),
            state: hasFile ? 'done' : isOpen ? 'current' : 'todo',
            ...(isOpen && { content: <div className="requests">{requests.map((request) => <RequestCard key={request.id} request={request} />)}</div> }),
          },
          {
            id: 'bring',
            title: t('exchange.bring.title'),
            text: t('exchange.bring.text'),
            state: hasFile ? 'current' : 'todo',
            content: <BringFile key={file.serial} opened={file.value} onOpenedTaken={onFileTaken} onFile={setHasFile} />,
          },
        ]}
      />
      <GivenUp />
      <MachineCard />
    </DesktopPage>
  );
};
