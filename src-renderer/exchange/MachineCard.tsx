import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { MachineState } from '../../src-shared/desktop.ts';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import type { FingerprintPart } from '../../src-shared/fingerprint.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { CopyId } from '../document/CopyId.tsx';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Banner, Button, Card, Dialog, FormError, KeyValueList, TextField, notify } from '../ui/index.ts';

/** What this machine is to an authority, and how its key is kept. */
export const MachineCard = () => {
  const t = useWords();
  const common = useCommonWords();
  const language = useLanguage();
  const machine = useDesktopState((state) => state.machine);
  const authority = useDesktopState((state) => state.connection.authority);
  const [isRenaming, setRenaming] = useState(false);
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const named = (state: MachineState['parts'][FingerprintPart]): readonly string[] => fingerprintParts.filter((part) => machine.parts[part] === state).map((part) => common(`part.${part}`));
  const [parts, unread] = [named('present'), named('unread')];
  return (
    <Card
      title={t('exchange.machine.title')}
      actions={<Button size="small" icon={<Pencil aria-hidden="true" />} onPress={() => setRenaming(true)}>{t('exchange.machine.rename')}</Button>}
    >
      <div className="lk-stack">
        <KeyValueList
          items={[
            { term: t('exchange.machine.name'), value: machine.name },
            { term: t('exchange.machine.os'), value: machine.os },
            { term: t('exchange.machine.id'), value: <CopyId id={machine.id} what={t('exchange.machine.id')} /> },
            { term: t('exchange.machine.key'), value: t(machine.protection === 'keychain' ? 'exchange.machine.keychain' : 'exchange.machine.fileKey') },
            { term: t('exchange.machine.parts'), value: parts.length === 0 ? t('exchange.machine.noParts') : list.format(parts) },
            ...(unread.length === 0 ? [] : [{ term: t('exchange.machine.unread'), value: list.format(unread) }]),
            { term: t('exchange.machine.authority'), value: authority === null ? t('exchange.machine.noAuthority') : <CopyId id={authority} what={t('exchange.machine.authority')} /> },
          ]}
        />
        {machine.protection === 'file' && <Banner tone="warn" title={t('exchange.machine.fileKey')}>{t('exchange.machine.fileKeyText')}</Banner>}
      </div>
      {isRenaming && <RenameDialog name={machine.name} onClose={() => setRenaming(false)} />}
    </Card>
  );
};

const RenameDialog = ({ name: before, onClose }: { readonly name: string; readonly onClose: () => void }) => {
  const t = useWords();
  const common = useCommonWords();
  const [name, setName] = useState(before);
  const { run, isPending, problem } = useAction('machine.rename');
  const given = name.trim();
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (given === '' || isPending) return;
    const result = await run({ name: given });
    if (!result.ok) return;
    onClose();
    notify({ title: t('exchange.machine.renamed', { name: given }) });
  };
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      size="small"
      title={t('exchange.machine.renameTitle')}
      isBusy={isPending}
      actions={(
        <>
          <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
          <Button variant="primary" isPending={isPending} pendingLabel={t('exchange.machine.saving')} isDisabled={given === ''} onPress={() => void save()}>{common('actions.save')}</Button>
        </>
      )}
    >
      <form className="lk-stack" noValidate onSubmit={(event) => void save(event)}>
        <TextField label={t('exchange.form.name')} value={name} onChange={setName} maxLength={200} autoFocus description={t('exchange.form.nameText')} error={given === '' && t('exchange.form.nameMissing')} />
        <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
      </form>
    </Dialog>
  );
};
