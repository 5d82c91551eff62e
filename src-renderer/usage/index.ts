/** Use of the seats over time. */
export { UsagePage } from './UsagePage.tsx';
