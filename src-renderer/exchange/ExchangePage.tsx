import { useState } from 'react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { DAY } from '../../src-shared/time.ts';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { Button, Stepper } from '../ui/index.ts';
import { BringFile } from './BringFile.tsx';
import { nextFile, useFiles } from './files.ts';
import { GivenUp } from './GivenUp.tsx';
import { MachineCard } from './MachineCard.tsx';
import type { Wish } from './NextSteps.tsx';
import { PortalAddress } from './PortalAddress.tsx';
import { RequestCard } from './RequestCard.tsx';
import { RequestForm } from './RequestForm.tsx';
import './exchange.css';

export type ExchangePageProps = {
  /** The lease to be extended by file. */
  readonly renew: string | null;
  /** The lease whose seat is to be bound to this computer as it is now. */
  readonly bind?: string;
  /** The lease that was just given up: its proof is what the person wants to see. */
  readonly proof?: string;
};

const hasEnded = ({ standing }: HeldLease): boolean => !standing.usable && standing.code === 'LEASE_EXPIRED';
const sameLicense = ({ product, license }: HeldLease): Wish => ({ product: product.id, productName: product.name, license, lease: null });

/** The three files carried by hand: a request out, a license file in, a release proof out. */
export const ExchangePage = ({ renew, bind, proof = undefined }: ExchangePageProps) => {
  const t = useWords();
  const requests = useDesktopState((state) => state.requests);
  const leases = useDesktopState((state) => state.leases);
  const [wish, setWish] = useState<Wish | null>(() => {
    const bound = leases.find(({ id }) => id === bind);
    const ended = leases.find((lease) => lease.id === renew && hasEnded(lease));
    // A request of its own, for the license it has: a renewal is answered only for the computer that it was given to, and only before its end.
    return bound ? sameLicense(bound) : ended ? { ...sameLicense(ended), days: Math.max(1, Math.round((ended.until - ended.issuedAt) / DAY)) } : null;
  });
  const renewed = leases.find((lease) => lease.id === (wish?.lease ?? renew) && !hasEnded(lease)) ?? null;
  const [isAnother, setAnother] = useState(renewed !== null || wish !== null);
  const hasFile = useFiles(({ current }) => current !== null);
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
              ? <RequestForm key={wish === null ? '' : JSON.stringify(wish)} renewed={renewed} wish={wish} onSaved={() => { setAnother(false); setWish(null); }} {...(isOpen && { onCancel: () => { setAnother(false); setWish(null); } })} />
              : <Button size="small" onPress={() => setAnother(true)}>{t('exchange.save.another')}</Button>,
          },
          {
            id: 'carry',
            title: t('exchange.carry.title'),
            text: <>{t('exchange.carry.text')} <PortalAddress /></>,
            state: hasFile ? 'done' : isOpen ? 'current' : 'todo',
            ...(isOpen && { content: <div className="requests">{requests.map((request) => <RequestCard key={request.id} request={request} />)}</div> }),
          },
          {
            id: 'bring',
            title: t('exchange.bring.title'),
            text: t('exchange.bring.text'),
            state: hasFile ? 'current' : 'todo',
            content: <BringFile onAskAgain={(asked) => { nextFile(); setWish(asked); setAnother(true); }} />,
          },
        ]}
      />
      <GivenUp shown={proof ?? null} />
      <MachineCard />
    </DesktopPage>
  );
};
