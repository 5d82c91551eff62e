import { late } from '../navigation/index.ts';

/** What is not on the first screen of most people: it is loaded beside it, so that going there is no wait. */
export const AccountPages = late(() => import('../account/index.ts').then((each) => each.AccountPages));
export const ExchangePage = late(() => import('../exchange/ExchangePage.tsx').then((each) => each.ExchangePage));
export const LeasePage = late(() => import('../lease/LeasePage.tsx').then((each) => each.LeasePage));
export const MyLicensesPage = late(() => import('../my-licenses/MyLicensesPage.tsx').then((each) => each.MyLicensesPage));

/** The page that the window opens with, where it is one of these. */
export const loadFirst = (isByFiles: boolean, holdsLease: boolean): Promise<unknown> =>
  holdsLease ? LeasePage.load() : isByFiles ? ExchangePage.load() : Promise.resolve();

/** Those that a person of the app goes to. */
export const loadNext = (): void => [LeasePage, ExchangePage, MyLicensesPage].forEach((page) => void page.load());
