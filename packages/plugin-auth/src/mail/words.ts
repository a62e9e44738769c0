import type { Locale } from '../user/user.entity.ts'

/** What mails are about; `nothing` is for a request that must not be told from others, and sends none. */
export const mailKinds = [
  'register',
  'registered',
  'reset',
  'email',
  'email-changed',
  'password-changed',
  'nothing',
] as const
export type MailKind = Exclude<(typeof mailKinds)[number], 'nothing'>

/** The words of one mail: paragraphs before the code, and after it. */
interface Words {
  readonly subject: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** `{app}`, `{code}`, `{email}` and `{minutes}` stand for themselves. */
export const WORDS: Readonly<Record<Locale, Readonly<Record<MailKind, Words>>>> = {
  en: {
    register: {
      subject: '{code} is your code for {app}',
      before: ['Enter this code to prove that this address is yours:'],
      after: [
        'It works once, for {minutes} minutes, and only where it was asked for.',
        'You did not sign up? Then somebody mistyped an address; you need not do anything. Never pass this code on.',
      ],
    },
    registered: {
      subject: 'You already have an account at {app}',
      before: ['Somebody, probably you, tried to sign up with this address. It has an account already.'],
      after: ['Sign in with your password, or reset it if you no longer know it. Nothing has changed.'],
    },
    reset: {
      subject: '{code} is your code for a new password',
      before: ['Enter this code to choose a new password for {app}:'],
      after: [
        'It works once, for {minutes} minutes, and only where it was asked for.',
        'You did not ask for it? Then your password stays as it is. Never pass this code on.',
      ],
    },
    email: {
      subject: '{code} is your code for this address',
      before: ['Enter this code to make this the address of your account at {app}:'],
      after: [
        'It works once, for {minutes} minutes, and only where it was asked for.',
        'You did not ask for it? Then nothing changes. Never pass this code on.',
      ],
    },
    'email-changed': {
      subject: 'Your address at {app} was changed',
      before: ['Your account at {app} now has the address {email}. This one no longer signs you in.'],
      after: ['Was it not you? Then tell whoever runs {app} at once.'],
    },
    'password-changed': {
      subject: 'Your password at {app} was changed',
      before: ['The password of your account at {app} was changed, and everybody else was signed out.'],
      after: ['Was it not you? Then reset it at once.'],
    },
  },
  pt: {
    register: {
      subject: '{code} é o seu código para {app}',
      before: ['Digite este código para confirmar que este endereço é seu:'],
      after: [
        'Ele vale uma vez, por {minutes} minutos, e só onde foi pedido.',
        'Não foi você? Então alguém errou ao digitar um endereço; não é preciso fazer nada. Nunca repasse este código.',
      ],
    },
    registered: {
      subject: 'Você já tem uma conta em {app}',
      before: ['Alguém, provavelmente você, tentou se cadastrar com este endereço. Ele já tem uma conta.'],
      after: ['Entre com a sua senha, ou redefina-a se não se lembra dela. Nada mudou.'],
    },
    reset: {
      subject: '{code} é o seu código para uma nova senha',
      before: ['Digite este código para escolher uma nova senha em {app}:'],
      after: [
        'Ele vale uma vez, por {minutes} minutos, e só onde foi pedido.',
        'Não foi você? Então a sua senha continua a mesma. Nunca repasse este código.',
      ],
    },
    email: {
      subject: '{code} é o seu código para este endereço',
      before: ['Digite este código para que este seja o endereço da sua conta em {app}:'],
      after: [
        'Ele vale uma vez, por {minutes} minutos, e só onde foi pedido.',
        'Não foi você? Então nada muda. Nunca repasse este código.',
      ],
    },
    'email-changed': {
      subject: 'O seu endereço em {app} foi alterado',
      before: ['A sua conta em {app} agora tem o endereço {email}. Este já não serve para entrar.'],
      after: ['Não foi você? Então avise imediatamente quem cuida de {app}.'],
    },
    'password-changed': {
      subject: 'A sua senha em {app} foi alterada',
      before: ['A senha da sua conta em {app} foi alterada, e todos os outros acessos foram encerrados.'],
      after: ['Não foi você? Então redefina-a imediatamente.'],
    },
  },
}
