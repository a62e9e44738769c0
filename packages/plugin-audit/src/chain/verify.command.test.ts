import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestClientele, eachStorage, temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'
import { audit } from '../audit.plugin.ts'
import { AuditTrail } from '../entry/entry.service.ts'
import { Note, notes, user } from '../notes.fixture.ts'

eachStorage((storage) => {
  const open = async () => {
    const shop = await createTestClientele({ storage, plugins: [notes(), audit()] })
    const cwd = await temporaryFolder()
    for (const name of ['ana', 'eva', 'mallory'])
      await shop.as({ actor: user(name) }).tx((t) => t.repo(Note).insert({}))
    const { ctx } = shop.as()
    await ctx.get(AuditTrail).seal(ctx)
    const call = async (name: string, values: Readonly<Record<string, string>> = {}) => {
      const written: string[] = []
      const io = { cwd, stdout: { write: (text: string) => written.push(text) }, stderr: { write: () => {} } }
      // Started already, which a command line is not.
      const cdp = { ...shop.cdp, operate: shop.cdp.operate, start: async () => {} }
      const command = shop.cdp.operate.commands.find((one) => one.name === name)!
      const error = await command.run({ values, args: [], io, cdp }).then(
        () => null,
        (thrown: unknown) => String(thrown),
      )
      return { out: written.join(''), error }
    }
    return { shop, cwd, call }
  }

  test('audit verify says that nobody has touched the trail, and fails when somebody has', async () => {
    const { shop, call } = await open()
    expect(await call('audit verify')).toEqual({ out: 'default: entries 1 to 3: untouched\n', error: null })
    await shop
      .as()
      .tx((t) =>
        t.projection('an attack', (db) =>
          db.updateTable('auditEntries').set({ actorId: 'ana' }).where('actorId', '=', 'mallory').execute(),
        ),
      )
    const { out, error } = await call('audit verify')
    expect(out).toMatch(/^default: entries 1 to 3: TOUCHED\n {2}edited: Entry 3 \(.*\) was edited or moved/)
    expect(error).toContain('The audit trail has been touched: 1 problem')
  })

  test('a checkpoint kept in a file finds a trail that was emptied', async () => {
    const { shop, cwd, call } = await open()
    await writeFile(join(cwd, 'kept.jsonl'), `a line of a log\n${(await call('audit checkpoint')).out}`)
    expect(await call('audit verify', { checkpoint: 'kept.jsonl' })).toMatchObject({ error: null })
    await shop.as().tx((t) =>
      t.projection('an attack', async (db) => {
        for (const table of ['auditEntries', 'auditSeals', 'auditHeads'] as const)
          await db.deleteFrom(table).execute()
      }),
    )
    expect(await call('audit verify')).toMatchObject({ out: 'default: no entries: untouched\n', error: null })
    expect((await call('audit verify', { checkpoint: 'kept.jsonl' })).out).toContain(
      'cut: Entries 1 to 3 were cut off the end',
    )
    await writeFile(join(cwd, 'kept.jsonl'), 'nothing\n')
    expect((await call('audit verify', { checkpoint: 'kept.jsonl' })).error).toContain('holds no checkpoint')
    expect((await call('audit verify', { checkpoint: 'lost.jsonl' })).error).toContain(
      'there is no such file',
    )
  })
})
