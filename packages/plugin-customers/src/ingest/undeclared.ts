import type { Issue } from '@clientele/core'
import type { DeclarationsService } from '../declaration/declarations.ts'
import type { Message } from './message.ts'
import type { Rejection } from './parse-message.ts'

/** Why a message is not as its event or its traits are declared; null when it is. */
export function undeclared(declared: DeclarationsService, message: Message): Rejection | null {
  const { type, name, properties, traits } = message
  const wrong = type === 'track' ? declared.eventIssues(name, properties) : []
  if (wrong.length > 0) return { code: 'invalid_properties', message: sentence('properties', wrong) }
  const unfit = declared.traitIssues(traits)
  return unfit.length > 0 ? { code: 'invalid_traits', message: sentence('traits', unfit) } : null
}

function sentence(where: string, issues: readonly Issue[]): string {
  const words = issues.map(({ path, message }) => `${path === '' ? where : `${where}.${path}`} ${message}`)
  return words.join('; ').slice(0, 1000)
}
