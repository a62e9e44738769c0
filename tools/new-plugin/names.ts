/** A name that cannot be taken; the message says why and the way out. */
export class NameError extends Error {}

/** Everything the templates call the new plugin and its rows. */
export interface PluginNames {
  /** `gift-cards` */
  readonly name: string
  /** `giftCards` */
  readonly factory: string
  /** `GiftCards` */
  readonly Name: string
  /** `gift-card` */
  readonly noun: string
  /** `giftCard` */
  readonly nounId: string
  /** `GiftCard` */
  readonly Noun: string
  /** `giftCards`: the entity and its table. */
  readonly nouns: string
  /** `GiftCards` */
  readonly Nouns: string
  /** `gift-cards`, of the rows */
  readonly path: string
  /** `gift card` */
  readonly one: string
  /** `a gift card` */
  readonly aOne: string
  /** `A gift card` */
  readonly AOne: string
  /** `gift cards` */
  readonly many: string
  /** `Gift cards` */
  readonly Many: string
  /** `api['gift-cards']` */
  readonly api: string
}

/**
 * The names that follow from a plugin's.
 * @throws NameError for what is no name, or would be no TypeScript
 */
export function namesOf(
  name: string,
  options: { readonly noun?: string; readonly plural?: string } = {},
): PluginNames {
  requireName('a plugin', name)
  const noun = options.noun ?? singularOf(name)
  const plural = options.plural ?? (options.noun === undefined && noun !== name ? name : pluralOf(noun))
  requireName('--noun', noun)
  requireName('--plural', plural)
  if (noun === plural)
    throw new NameError(
      `One and several are both called "${noun}"; the code tells them apart: name another --plural`,
    )
  const one = noun.replaceAll('-', ' ')
  const many = plural.replaceAll('-', ' ')
  const aOne = `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
  return {
    name,
    factory: camel(name),
    Name: pascal(name),
    noun,
    nounId: camel(noun),
    Noun: pascal(noun),
    nouns: camel(plural),
    Nouns: pascal(plural),
    path: plural,
    one,
    aOne,
    AOne: capital(aOne),
    many,
    Many: capital(many),
    api: name.includes('-') ? `api['${name}']` : `api.${name}`,
  }
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield ' +
    // What the templates call something else.
    'api close col core error expect id impl kysely migration plugin plugin-conformance provide reply route row t test ' +
    'tenant tx z'
  ).split(' '),
)

function requireName(what: string, name: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 31) {
    const shown = name.slice(0, 60)
    throw new NameError(
      `"${shown}" cannot name ${what}: it is lower-case letters, digits and single hyphens, at most 31, as in gift-cards`,
    )
  }
  if (RESERVED.has(name) || name.length < 2)
    throw new NameError(
      `"${name}" cannot name ${what}: the code means something else by it; take another word`,
    )
}

function singularOf(name: string): string {
  if (/[^aeiou]ies$/.test(name)) return `${name.slice(0, -3)}y`
  if (/(?:ss|x|ch|sh)es$/.test(name)) return name.slice(0, -2)
  return /[^sui]s$/.test(name) ? name.slice(0, -1) : name
}

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`
const pascal = (name: string): string => capital(camel(name))
