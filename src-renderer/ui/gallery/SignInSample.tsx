import { useState } from 'react'
import { AppShell, Brand, Button, Card, FormError, LatchkeyMark, Link, Page, PasswordField, TextField } from '../index.ts'

export const SignInSample = () => {
  const [isPending, setPending] = useState(false)
  return (
    <AppShell kind="portal" skipLabel="Skip to content" brand={<Brand mark={<LatchkeyMark />} name="Latchkey" />}>
      <Page title="Sign in" subtitle="To the license authority of Northlight Pictures" width="compact">
        <Card>
          <form
            className="lk-stack"
            onSubmit={(event) => {
              event.preventDefault()
              setPending(true)
            }}
          >
            <TextField label="E-mail" type="email" name="email" autoComplete="username" isRequired />
            <PasswordField label="Password" name="password" autoComplete="current-password" showLabel="Show password" hideLabel="Hide password" isRequired />
            <FormError>The e-mail or the password is wrong.</FormError>
            <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending} pendingLabel="Signing in">Sign in</Button>
          </form>
        </Card>
        <p className="lk-soft">No network here? <Link href="#exchange">Exchange files instead</Link>.</p>
      </Page>
    </AppShell>
  )
}
