import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from '../index.ts'
import { Gallery } from './Gallery.tsx'
import { PickerSample } from './PickerSample.tsx'
import { SignInSample } from './SignInSample.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('no #root')

const samples = { '#picker': PickerSample, '#sign-in': SignInSample } as const
const Sample = Object.entries(samples).find(([hash]) => location.hash.startsWith(hash))?.[1] ?? Gallery

createRoot(root).render(<StrictMode><I18nProvider locale="en"><Sample /></I18nProvider></StrictMode>)
