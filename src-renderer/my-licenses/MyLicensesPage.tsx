import { MonitorSmartphone } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { OwnLease } from '../../src-shared/license.ts';
import type { Result } from '../../src-shared/result.ts';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { paths } from '../desktop/paths.ts';
import { useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useNow } from '../window/use-now.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Card, EmptyState, Link, Skeleton } from '../ui/index.ts';
import { LicenseTable } from './LicenseTable.tsx';
import { useMyLicensesWords } from './words.ts';

/** What the person holds, as the authority has it, on every machine. */
export const MyLicensesPage = () => {
  const t = useWords();
  const said = useMyLicensesWords();
  const common = useCommonWords();
  const { call } = useDesktop();
  const now = useNow();
  const machine = useDesktopState((state) => state.machine.id);
  const held = useDesktopState((state) => state.leases);
  const connection = useDesktopState((state) => state.connection.state);
  const [leases, setLeases] = useState<readonly OwnLease[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isPending, setPending] = useState(true);

  const settle = useCallback((result: Result<readonly OwnLease[]>) => {
    setPending(false);
    if (result.ok) setLeases(result.value);
    setProblem(result.ok ? null : { code: result.code, details: result.details });
  }, []);
  const ask = async () => {
    setPending(true);
    settle(await call('leases.mine', null));
  };
  // Asked again when a lease comes or goes here, or the connection comes back.
  useEffect(() => {
    let isStale = false;
    void call('leases.mine', null).then((result) => {
      if (!isStale) settle(result);
    });
    return () => {
      isStale = true;
    };
  }, [call, settle, held, connection]);

  const release = async ({ id, machine: { id: where } }: OwnLease) => {
    const isHere = where === machine && held.some((lease) => lease.id === id);
    const result = isHere ? await call('lease.release', { lease: id, reason: 'user' }) : await call('leases.release-elsewhere', { lease: id });
    if (result.ok) await ask();
    return result;
  };
  return (
    <DesktopPage title={said('title')} subtitle={said('subtitle')} width="wide" actions={<Button isPending={isPending} pendingLabel={said('loading')} onPress={() => void ask()}>{common('actions.refresh')}</Button>}>
      {problem !== null && <ProblemNote problem={problem} live="status" action={<Button isPending={isPending} onPress={() => void ask()}>{common('actions.retry')}</Button>} />}
      {leases === null
        ? problem === null && <Card><span role="status" className="lk-hidden-text">{said('loading')}</span><Skeleton lines={6} /></Card>
        : leases.length === 0
          ? <EmptyState icon={<MonitorSmartphone />} title={said('empty.title')} text={said('empty.text')} action={<Link href={paths.picker} variant="primary">{t('lease.empty.action')}</Link>} />
          : <LicenseTable leases={leases} now={now} thisMachine={machine} onRelease={release} />}
    </DesktopPage>
  );
};
