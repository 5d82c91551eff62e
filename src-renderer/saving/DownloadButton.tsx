import { Download } from 'lucide-react';
import { Button, type ButtonProps } from '../ui/index.ts';
import { useSave } from './use-save.ts';

export type DownloadButtonProps = Omit<ButtonProps, 'onPress' | 'icon'> & {
  readonly fileName: string;
  readonly content: Uint8Array<ArrayBuffer> | string;
  readonly type?: string | undefined;
};

/** Saves content that is already there. To fetch it first, take a Button and `useSave`. */
export const DownloadButton = ({ fileName, content, type, ...rest }: DownloadButtonProps) => {
  const save = useSave();
  return <Button {...rest} icon={<Download aria-hidden="true" />} onPress={() => void save({ name: fileName, content, type })} />;
};
