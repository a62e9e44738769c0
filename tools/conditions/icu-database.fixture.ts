import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { onTestFinished } from 'vitest'

/** A database of its own whose texts sort as in American English; dropped when the test ends. Answers its URL. */
export async function icuDatabase(url: string): Promise<string> {
  const name = `icu_${randomBytes(6).toString('hex')}`
  await run(
    url,
    `create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C'`,
  )
  onTestFinished(() => run(url, `drop database ${name} with (force)`))
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
