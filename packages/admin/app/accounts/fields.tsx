import { PasswordField, t, TextField } from '@clientele/admin-sdk'

interface AccountFieldProps {
  readonly value: string
  readonly onValue: (value: string) => void
  readonly error?: string | undefined
  readonly autoFocus?: boolean
}

/** What somebody is called. */
export function NameField({ autoFocus = false, ...field }: AccountFieldProps) {
  return (
    <TextField
      label={t('name')}
      name="name"
      autocomplete="name"
      maxLength={200}
      autoFocus={autoFocus}
      {...field}
    />
  )
}

/** The address that somebody signs in with. */
export function EmailField({ autoFocus = false, ...field }: AccountFieldProps) {
  return (
    <TextField
      label={t('email')}
      type="email"
      name="email"
      autocomplete="username"
      required
      autoFocus={autoFocus}
      {...field}
    />
  )
}

/** A password that somebody chooses. */
export function NewPasswordField({
  label = t('password'),
  value,
  onValue,
  error,
}: AccountFieldProps & { readonly label?: string }) {
  return (
    <PasswordField
      label={label}
      hint={t('password.hint')}
      name="password"
      autocomplete="new-password"
      required
      minLength={8}
      value={value}
      error={error}
      onValue={onValue}
    />
  )
}
