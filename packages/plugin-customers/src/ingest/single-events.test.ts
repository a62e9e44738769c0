import { definePlugin } from '@clientele/core'
import { CustomerEventSubscribers, customers, Ingest, Sources } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

/** Hears of each event in its transaction, before it commits. */
type Hear = (name: string) => Promise<void>

const hearing = (hear: Hear) =>
  definePlugin({
    id: 'hearing',
    version: '1.0.0',
    requires: { core: '*', plugins: { customers: '*' } },
    contributes: [
      CustomerEventSubscribers.add({
        async appended(_, events) {
          for (const { message } of events) await hear(message.name)
        },
      }),
    ],
  })

/** Takes all that shares the transaction of a "Poison" along. */
const refusePoison: Hear = async (name) => {
  if (name === 'Poison') throw new Error('It was poisoned')
}

eachStorage((storage) => {
  const open = async (hear: Hear = refusePoison) => {
    const shop = await createTestClientele({ storage, plugins: [customers(), hearing(hear)()] })
    const newSource = async (name: string) =>
      (await shop.as().tx((t) => t.get(Sources).create(t, { name }))).writeKey
    const sender =
      (writeKey: string) =>
      (event: object, path: 'track' | 'identify' | 'alias' = 'track') =>
        shop.fetch(`/v1/${path}`, {
          method: 'POST',
          body: JSON.stringify(event),
          headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
          as: null,
        })
    const stored = async () =>
      (await shop.as().db.selectFrom('events').select('messageId').orderBy('messageId').execute()).map(
        (one) => one.messageId,
      )
    return { shop, newSource, sender, stored, send: sender(await newSource('web')) }
  }
  const numbers = (length: number) => Array.from({ length }, (_, n) => n)

  test('events that come at once are each answered for, and each there once', async () => {
    const { send, sender, newSource, stored } = await open()
    const other = sender(await newSource('app'))

    const answers = await Promise.all(
      numbers(120).map((n) =>
        (n % 3 === 0 ? other : send)({
          ...{ userId: `u${n % 7}`, messageId: `m${n % 100}` },
          ...(n % 10 === 9 ? {} : { event: 'Seen' }),
        }),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual(numbers(120).map(() => 200))
    const sum = (of: (json: any) => number) => answers.reduce((total, { json }) => total + of(json), 0) // any: JSON
    expect([sum((j) => j.accepted), sum((j) => j.duplicate), sum((j) => j.rejected.length)]).toEqual([
      90, 18, 12,
    ])
    for (const [n, { json }] of answers.entries()) expect(json.rejected).toHaveLength(n % 10 === 9 ? 1 : 0)
    expect(await stored()).toEqual(
      numbers(100)
        .filter((n) => n % 10 !== 9)
        .map((n) => `m${n}`)
        .toSorted(),
    )
  })

  test('one that fails takes no other along, whoever shares its commit', async () => {
    const { send, stored } = await open()
    const names = numbers(30).map((n) => (n % 7 === 3 ? 'Poison' : 'Seen'))

    const answers = await Promise.all(
      names.map((event, n) => send({ event, userId: `u${n}`, messageId: `m${n}` })),
    )

    expect(answers.map(({ status }) => status)).toEqual(names.map((name) => (name === 'Poison' ? 500 : 200)))
    const taken = names.flatMap((name, n) => (name === 'Poison' ? [] : [`m${n}`]))
    expect(await stored()).toEqual(taken.toSorted())
  })

  test('identifies and aliases that come at once make one customer of one person', async () => {
    const { shop, send } = await open()

    const answers = await Promise.all(
      numbers(60).map((n) => {
        const person = n % 3
        const anonymousId = `a${person}-${n % 4}`
        return n % 2 === 0
          ? send(
              { userId: `u${person}`, anonymousId, traits: { email: `p${person}@example.com` } },
              'identify',
            )
          : send({ userId: `u${person}`, previousId: anonymousId }, 'alias')
      }),
    )

    expect(answers.map(({ json }) => json.accepted)).toEqual(numbers(60).map(() => 1))
    const { db } = shop.as()
    const identities = await db.selectFrom('identities').select(['type', 'value', 'customerId']).execute()
    expect(new Set(identities.map(({ type, value }) => `${type} ${value}`)).size).toBe(identities.length)
    const people = await db.selectFrom('customers').select('id').execute()
    expect(people).toHaveLength(3)
    for (const person of [0, 1, 2]) {
      const own = identities.filter(({ value }) => value === `u${person}` || value.startsWith(`a${person}-`))
      expect(new Set(own.map((one) => one.customerId)).size).toBe(1)
    }
    const owners = await db.selectFrom('events').select('customerId').distinct().execute()
    expect(owners.map((one) => one.customerId).toSorted()).toEqual(people.map(({ id }) => id).toSorted())
  })

  test('whoever is asked to stop answers for what has arrived', async () => {
    const { shop, send, stored } = await open()
    const arrived = Promise.all(
      numbers(20).map((n) => send({ event: 'Seen', userId: `u${n}`, messageId: `m${n}` })),
    )
    await expect.poll(stored).not.toEqual([])
    await shop.as().ctx.get(Ingest).idle()
    expect((await arrived).map(({ status }) => status)).toEqual(numbers(20).map(() => 200))
  })

  // On SQLite there is one writer, and whoever writes holds up all others.
  test.runIf(storage === 'postgres')('one that is held up holds up nobody who comes later', async () => {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const { send } = await open(async (name) => {
      if (name !== 'Slow') return
      begun.resolve()
      await goOn.promise
    })
    const slow = send({ event: 'Slow', userId: 'slow' })
    await begun.promise

    const others = await Promise.all(numbers(10).map((n) => send({ event: 'Seen', userId: `u${n}` })))

    expect(others.map(({ status }) => status)).toEqual(numbers(10).map(() => 200))
    goOn.resolve()
    expect((await slow).status).toBe(200)
  })
})
