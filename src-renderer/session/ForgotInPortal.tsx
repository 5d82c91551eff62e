import { useDesktopState } from '../desktop/use-desktop.ts';
import { Button, CodeBlock, Popover, PopoverTrigger } from '../ui/index.ts';
import { useSignInWords } from './words.ts';

/** In the app nothing is opened for the person: the portal's address is shown and can be copied. */
export const ForgotInPortal = () => {
  const t = useSignInWords();
  const url = useDesktopState((state) => state.connection.url);
  if (url === null) return null;
  return (
    <PopoverTrigger>
      <Button variant="quiet" size="small">{t('forgot')}</Button>
      <Popover aria-label={t('inPortal.title')}>
        <div className="lk-stack forgot-in-portal">
          <p>{t('inPortal.text')}</p>
          <CodeBlock text={new URL('/password-reset', url).href} label={t('inPortal.label')} copyLabel={t('inPortal.copy')} copiedLabel={t('inPortal.copied')} />
        </div>
      </Popover>
    </PopoverTrigger>
  );
};
