import type { Locale } from '../user/user.entity.ts'

/** What mails are about; `nothing` is for a request that must not be told from others, and sends none. */
export const mailKinds = [
  'register',
  'registered',
  'reset',
  'email',
  'email-changed',
  'password-changed',
  'totp-added',
  'totp-removed',
  'recovery-codes-renewed',
  'recovery-code-used',
  'invitation',
  'operator-added',
  'operator-invited',
  'operator-removed',
  'new-device',
  'new-device-mails-off',
  'nothing',
] as const
export type MailKind = Exclude<(typeof mailKinds)[number], 'nothing'>

/** The words of one mail, paragraph by paragraph; `{code}` and `{link}` may be one of their own. */
interface Words {
  readonly subject: string
  readonly body: readonly string[]
}

/** What stands in braces is filled in: see `MailValues`. */
export const WORDS: Readonly<Record<Locale, Readonly<Record<MailKind, Words>>>> = {
  en: {
    register: {
      subject: '{code} is your code for {app}',
      body: [
        'Enter this code to prove that this address is yours:',
        '{code}',
        'It works once, for {minutes} minutes, and only where it was asked for.',
        'You did not sign up? Then somebody mistyped an address; you need not do anything. Never pass this code on.',
      ],
    },
    registered: {
      subject: 'You already have an account at {app}',
      body: [
        'Somebody, probably you, tried to sign up with this address. It has an account already.',
        'Sign in with your password, or reset it if you no longer know it. Nothing has changed.',
        '{link}',
      ],
    },
    reset: {
      subject: '{code} is your code for a new password',
      body: [
        'Enter this code to choose a new password for {app}:',
        '{code}',
        'It works once, for {minutes} minutes, and only where it was asked for.',
        'You did not ask for it? Then your password stays as it is. Never pass this code on.',
      ],
    },
    email: {
      subject: '{code} is your code for this address',
      body: [
        'Enter this code to make this the address of your account at {app}:',
        '{code}',
        'It works once, for {minutes} minutes, and only where it was asked for.',
        'You did not ask for it? Then nothing changes. Never pass this code on.',
      ],
    },
    'email-changed': {
      subject: 'Your address at {app} was changed',
      body: [
        'Your account at {app} now has the address {email}. This one no longer signs you in.',
        'Was it not you? Then tell whoever runs {app} at once.',
      ],
    },
    'password-changed': {
      subject: 'Your password at {app} was changed',
      body: [
        'The password of your account at {app} was changed, and everybody else was signed out.',
        'Was it not you? Then reset it at once:',
        '{link}',
      ],
    },
    'totp-added': {
      subject: 'An authenticator app was added at {app}',
      body: [
        'From now on signing in to your account at {app} asks for a code of an authenticator app as well.',
        'Was it not you? Then remove it in your account, change your password, and tell whoever runs {app}.',
      ],
    },
    'totp-removed': {
      subject: 'Your authenticator app at {app} was removed',
      body: [
        'Your account at {app} no longer asks for a code when somebody signs in: the password is enough.',
        'Was it not you? Then change your password at once, and add the app again.',
      ],
    },
    'recovery-codes-renewed': {
      subject: 'Your recovery codes at {app} were renewed',
      body: [
        'Your account at {app} has ten other recovery codes; the old ones no longer work.',
        'Was it not you? Then change your password at once, and renew the codes again.',
      ],
    },
    'recovery-code-used': {
      subject: 'A recovery code of yours was used at {app}',
      body: [
        'Somebody, probably you, signed in to your account at {app} with your password and a recovery code instead of the authenticator app. That code no longer works.',
        'Was it not you? Then change your password at once, and renew the codes.',
      ],
    },
    invitation: {
      subject: 'You are invited to {shop}',
      body: [
        'You are asked to work in {shop} at {app}. Open this page to accept:',
        '{link}',
        'Or enter this where you are asked for it:',
        '{code}',
        'It works once, until {until}, and only for this address. You expected nothing? Then you need not do anything.',
      ],
    },
    'operator-added': {
      subject: 'You are an operator of {app} now',
      body: [
        'You may do everything in {app}, in all of its tenants. Sign in with your password; if you have none yet, choose one here:',
        '{link}',
        'You expected nothing? Then tell whoever runs {app}.',
      ],
    },
    'operator-invited': {
      subject: 'You are to be an operator of {app}',
      body: [
        'You are asked to be an operator: to do everything in {app}, in all of its tenants. Choose a password here until {until}:',
        '{link}',
        'Later it is too late, and somebody has to ask you again. You expected nothing? Then you need not do anything.',
      ],
    },
    'new-device': {
      subject: 'New sign-in to your account at {app}',
      body: [
        'Somebody, probably you, signed in to your account at {app} with a device, or at a place, that was new:',
        '{device}, {when}, from the address {ip}',
        'Was it you? Then you need not do anything: of this device you are not told again.',
        'Was it not you? Then choose another password here. That ends this session and all others at once:',
        '{link}',
      ],
    },
    'new-device-mails-off': {
      subject: 'You are no longer told of new devices at {app}',
      body: [
        'No mail will tell you any more when somebody signs in to your account at {app} with a new device.',
        'Was it not you? Then choose another password here, and turn these mails on again in your account:',
        '{link}',
      ],
    },
    'operator-removed': {
      subject: 'You are no operator of {app} any more',
      body: ['Somebody took the rights of an operator from your account at {app}, and you were signed out.'],
    },
  },
  pt: {
    register: {
      subject: '{code} é o seu código para {app}',
      body: [
        'Digite este código para confirmar que este endereço é seu:',
        '{code}',
        'Ele vale uma vez, por {minutes} minutos, e só onde foi pedido.',
        'Não foi você? Então alguém errou ao digitar um endereço; não é preciso fazer nada. Nunca repasse este código.',
      ],
    },
    registered: {
      subject: 'Você já tem uma conta em {app}',
      body: [
        'Alguém, provavelmente você, tentou se cadastrar com este endereço. Ele já tem uma conta.',
        'Entre com a sua senha, ou redefina-a se não se lembra dela. Nada mudou.',
        '{link}',
      ],
    },
    reset: {
      subject: '{code} é o seu código para uma nova senha',
      body: [
        'Digite este código para escolher uma nova senha em {app}:',
        '{code}',
        'Ele vale uma vez, por {minutes} minutos, e só onde foi pedido.',
        'Não foi você? Então a sua senha continua a mesma. Nunca repasse este código.',
      ],
    },
    email: {
      subject: '{code} é o seu código para este endereço',
      body: [
        'Digite este código para que este seja o endereço da sua conta em {app}:',
        '{code}',
        'Ele vale uma vez, por {minutes} minutos, e só onde foi pedido.',
        'Não foi você? Então nada muda. Nunca repasse este código.',
      ],
    },
    'email-changed': {
      subject: 'O seu endereço em {app} foi alterado',
      body: [
        'A sua conta em {app} agora tem o endereço {email}. Este já não serve para entrar.',
        'Não foi você? Então avise imediatamente quem cuida de {app}.',
      ],
    },
    'password-changed': {
      subject: 'A sua senha em {app} foi alterada',
      body: [
        'A senha da sua conta em {app} foi alterada, e todos os outros acessos foram encerrados.',
        'Não foi você? Então redefina-a imediatamente:',
        '{link}',
      ],
    },
    'totp-added': {
      subject: 'Um aplicativo autenticador foi adicionado em {app}',
      body: [
        'A partir de agora, entrar na sua conta em {app} também pede um código do aplicativo autenticador.',
        'Não foi você? Então remova-o na sua conta, troque a senha e avise quem cuida de {app}.',
      ],
    },
    'totp-removed': {
      subject: 'O seu aplicativo autenticador em {app} foi removido',
      body: [
        'A sua conta em {app} já não pede um código para entrar: basta a senha.',
        'Não foi você? Então troque a senha imediatamente e adicione o aplicativo de novo.',
      ],
    },
    'recovery-codes-renewed': {
      subject: 'Os seus códigos de recuperação em {app} foram renovados',
      body: [
        'A sua conta em {app} tem dez novos códigos de recuperação; os antigos já não valem.',
        'Não foi você? Então troque a senha imediatamente e renove os códigos outra vez.',
      ],
    },
    'recovery-code-used': {
      subject: 'Um código de recuperação seu foi usado em {app}',
      body: [
        'Alguém, provavelmente você, entrou na sua conta em {app} com a senha e um código de recuperação em vez do aplicativo autenticador. Esse código já não vale.',
        'Não foi você? Então troque a senha imediatamente e renove os códigos.',
      ],
    },
    invitation: {
      subject: 'Convite para {shop}',
      body: [
        'Você foi convidado a trabalhar em {shop}, no {app}. Abra esta página para aceitar:',
        '{link}',
        'Ou digite isto onde for pedido:',
        '{code}',
        'Vale uma vez, até {until}, e só para este endereço. Não esperava por isto? Então não precisa fazer nada.',
      ],
    },
    'operator-added': {
      subject: 'Você agora é operador de {app}',
      body: [
        'Você pode fazer tudo em {app}, em todas as lojas. Entre com a sua senha; se ainda não tem uma, escolha-a aqui:',
        '{link}',
        'Não esperava por isto? Então avise quem cuida de {app}.',
      ],
    },
    'operator-invited': {
      subject: 'Convite para ser operador de {app}',
      body: [
        'Você foi convidado a ser operador: poderá fazer tudo em {app}, em todas as lojas. Escolha uma senha aqui até {until}:',
        '{link}',
        'Depois disso será preciso um novo convite. Não esperava por isto? Então não precisa fazer nada.',
      ],
    },
    'new-device': {
      subject: 'Novo acesso à sua conta em {app}',
      body: [
        'Alguém, provavelmente você, entrou na sua conta em {app} com um dispositivo novo, ou a partir de um lugar novo:',
        '{device}, {when}, a partir do endereço {ip}',
        'Foi você? Então não precisa fazer nada: não avisaremos de novo sobre este dispositivo.',
        'Não foi você? Então escolha outra senha aqui. Isso encerra este acesso e todos os outros imediatamente:',
        '{link}',
      ],
    },
    'new-device-mails-off': {
      subject: 'Você não será mais avisado de dispositivos novos em {app}',
      body: [
        'A partir de agora nenhum e-mail avisa quando alguém entra na sua conta em {app} com um dispositivo novo.',
        'Não foi você? Então escolha outra senha aqui e volte a ligar estes avisos na sua conta:',
        '{link}',
      ],
    },
    'operator-removed': {
      subject: 'Você já não é operador de {app}',
      body: [
        'Alguém retirou os direitos de operador da sua conta em {app}, e os seus acessos foram encerrados.',
      ],
    },
  },
}
