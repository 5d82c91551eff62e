import type { DesktopState } from '../../src-shared/desktop.ts';
import { late } from '../navigation/index.ts';

/** Each page is a part of its own: the first one comes with the snapshot, the others beside it, so that going there is no wait. */
export const AccountPages = late(() => import('../account/index.ts').then((each) => each.AccountPages));
export const ExchangePage = late(() => import('../exchange/ExchangePage.tsx').then((each) => each.ExchangePage));
export const InvitationPage = late(() => import('../invitation/AppInvitationPage.tsx').then((each) => each.AppInvitationPage));
export const LeasePage = late(() => import('../lease/LeasePage.tsx').then((each) => each.LeasePage));
export const MyLicensesPage = late(() => import('../my-licenses/MyLicensesPage.tsx').then((each) => each.MyLicensesPage));
export const PickerPage = late(() => import('../picker/PickerPage.tsx').then((each) => each.PickerPage));
export const SettingsPage = late(() => import('../settings/SettingsPage.tsx').then((each) => each.SettingsPage));
export const SignInPage = late(() => import('../session/SignInPage.tsx').then((each) => each.SignInPage));

/** The page that the window opens with. */
export const loadFirst = ({ account, connection, leases }: Pick<DesktopState, 'account' | 'connection' | 'leases'>, isFileOpened: boolean): Promise<void> =>
  (isFileOpened ? ExchangePage : leases.length > 0 ? LeasePage : connection.state === 'none' ? ExchangePage : account === null ? SignInPage : PickerPage).load();

/** Those that a person of the app goes to. */
export const loadNext = (): void => [PickerPage, LeasePage, ExchangePage, MyLicensesPage, SignInPage].forEach((page) => void page.load());
