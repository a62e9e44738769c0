import { expect, test } from 'vitest'
import { fullName, personName } from './person-name.ts'

const id = '0199-a1b2c3d4'

test('a person is called by what is known of them, and by the end of the id at last', () => {
  const known = { firstName: 'Ana', lastName: 'Souza', email: 'ana@x.com', phone: '+351', externalId: 'c-7' }
  expect(personName({ id, ...known })).toBe('Ana Souza')
  expect(personName({ id, ...known, firstName: null })).toBe('Souza')
  expect(personName({ id, ...known, firstName: null, lastName: '' })).toBe('ana@x.com')
  expect(personName({ id, phone: '+351', externalId: 'c-7', email: null })).toBe('+351')
  expect(personName({ id, externalId: 'c-7' })).toBe('c-7')
  expect(personName({ id })).toBe('a1b2c3d4')
  expect(fullName({ email: 'ana@x.com' })).toBeUndefined()
})
