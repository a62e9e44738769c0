/**
 * Draws the page from the document. Text only ever becomes text nodes, so nothing in the document can run.
 */
export const docsScript = String.raw`
const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const byId = (id) => document.getElementById(id)

const spec = await fetch('openapi.json').then((response) => response.json()).catch(() => null)
if (spec) draw()
else byId('operations').replaceChildren(element('p', {}, 'openapi.json cannot be read.'))

function draw() {
  document.title = spec.info.title
  byId('title').textContent = spec.info.title
  byId('version').textContent = spec.info.version
  const token = byId('token')
  token.value = sessionStorage.getItem('token') ?? ''
  token.addEventListener('input', () => sessionStorage.setItem('token', token.value))
  const operations = Object.entries(spec.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })),
  )
  const index = byId('index')
  const main = byId('operations')
  main.replaceChildren()
  for (const tag of new Set(operations.flatMap((operation) => operation.tags))) {
    const tagged = operations.filter((operation) => operation.tags[0] === tag)
    if (tagged.length === 0) continue
    index.append(element('section', {}, element('h2', {}, tag), ...tagged.map(indexEntry)))
    main.append(element('section', {}, element('h2', {}, tag), ...tagged.map(drawOperation)))
  }
  byId('search').addEventListener('input', (event) => filter(event.target.value.toLowerCase()))
  addEventListener('hashchange', openTarget)
  openTarget()
}

function indexEntry(operation) {
  const method = element('span', { class: 'method ' + operation.method }, operation.method + ' ')
  return element('a', { href: '#' + operation.operationId, 'data-text': textOf(operation) }, method, operation.summary)
}

function textOf({ summary, path, method, operationId }) {
  return [summary, path, method, operationId].join(' ').toLowerCase()
}

function filter(words) {
  for (const entry of document.querySelectorAll('[data-text]')) entry.hidden = !entry.dataset.text.includes(words)
  for (const section of document.querySelectorAll('section')) {
    section.hidden = !section.querySelector('[data-text]:not([hidden])')
  }
}

function openTarget() {
  const target = byId(decodeURIComponent(location.hash.slice(1)))
  if (target?.tagName !== 'DETAILS') return
  target.open = true
  target.scrollIntoView()
}

function drawOperation(operation) {
  const details = element('details', { class: 'operation', id: operation.operationId, 'data-text': textOf(operation) })
  details.append(
    element(
      'summary',
      {},
      element('span', { class: 'method ' + operation.method }, operation.method),
      element('span', { class: 'path' }, operation.path),
      element('span', { class: 'soft' }, operation.summary),
    ),
  )
  // Drawn when it is opened: a long document stays quick.
  details.addEventListener('toggle', () => details.open && details.append(drawBody(operation)), { once: true })
  return details
}

function drawBody(operation) {
  const inputs = []
  const form = element('form', {})
  const parameters = (operation.parameters ?? []).filter(({ in: where }) => where !== 'cookie').toSorted((a, b) => rank(a) - rank(b))
  if (parameters.length > 0) form.append(element('h3', {}, 'Parameters'), parameterTable(parameters, inputs))
  const schema = operation.requestBody?.content['application/json']?.schema
  const body = schema && element('textarea', { spellcheck: 'false', 'aria-label': 'Body' })
  if (schema) {
    body.value = JSON.stringify(example(schema), null, 2)
    form.append(element('h3', {}, 'Body'), fieldTable(schema), body)
  }
  const answer = element('div', { 'aria-live': 'polite' })
  form.append(element('button', {}, 'Send'), answer)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(operation, inputs, body?.value, answer)
  })
  return element(
    'div',
    {},
    operation.description ? element('p', {}, ...prose(operation.description)) : '',
    element('p', { class: 'soft' }, 'Permission: ', element('code', {}, operation['x-permission'])),
    form,
    ...responses(operation),
  )
}

// What a path needs, what every list understands, then the filters of this one.
const COMMON = ['q', 'sort', 'limit', 'cursor', 'skip', 'count']

function rank({ name, in: where }) {
  if (where === 'path') return 0
  if (where === 'header') return 100
  return COMMON.includes(name) ? 1 + COMMON.indexOf(name) : 50
}

// Every second part stood between backticks.
function prose(text) {
  return text.split('\x60').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part))
}

function parameterTable(parameters, inputs) {
  const rows = parameters.map((parameter) => {
    const input = element('input', { 'aria-label': parameter.name, placeholder: typeName(parameter.schema) })
    input.required = parameter.required
    inputs.push({ parameter, input })
    const name = parameter.name + (parameter.required ? ' *' : '')
    return element('tr', {}, element('td', {}, name), element('td', {}, input), element('td', { class: 'soft' }, ...prose(parameter.description ?? '')))
  })
  return element('table', { class: 'fields' }, ...rows)
}

function responses({ responses: all }) {
  return Object.entries(all).flatMap(([status, { description, content = {} }]) => {
    const [type, { schema } = {}] = Object.entries(content)[0] ?? []
    const heading = element('h3', {}, status + ' ' + description + (type ? ', ' + type : ''))
    return schema && !schema.$ref?.endsWith('/Problem') ? [heading, fieldTable(schema)] : [heading]
  })
}

function fieldTable(schema, depth = 0) {
  const { properties, required = [], items } = resolve(schema)
  if (items && depth < 4) return fieldTable(items, depth + 1)
  const rows = Object.entries(properties ?? {}).map(([name, property]) => {
    const { description = '' } = resolve(property)
    const inner = depth < 3 && hasFields(property) ? fieldTable(property, depth + 1) : ''
    const type = typeName(property) + (required.includes(name) ? '' : ', optional')
    return element('tr', {}, element('td', {}, name), element('td', {}, element('span', { class: 'soft' }, type), ' ', ...prose(description), inner))
  })
  return rows.length > 0 ? element('table', { class: 'fields' }, ...rows) : element('p', { class: 'soft' }, typeName(schema))
}

function hasFields(schema) {
  const { properties, items } = resolve(schema)
  return Boolean(properties ?? (items && resolve(items).properties))
}

function resolve(schema) {
  if (schema.$ref) return resolve(spec.components.schemas[schema.$ref.split('/').pop()] ?? {})
  const some = (schema.anyOf ?? schema.oneOf ?? []).find((option) => option.type !== 'null')
  return some && !schema.properties ? { ...resolve(some), ...schema } : schema
}

function typeName(schema) {
  const { type, format, enum: values, items, const: constant, anyOf = [], oneOf } = resolve(schema)
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (constant !== undefined) return JSON.stringify(constant)
  const nullable = anyOf.some((option) => option.type === 'null') ? ' or null' : ''
  if (items) return 'array of ' + typeName(items) + nullable
  return (oneOf ? 'one of several' : format ? type + ' (' + format + ')' : (type ?? 'any')) + nullable
}

function example(schema, depth = 0) {
  const { type, properties, required = [], items, enum: values, default: fallback, format, const: constant } = resolve(schema)
  if (constant !== undefined) return constant
  if (fallback !== undefined) return fallback
  if (values) return values[0]
  if (properties && depth < 4) {
    return Object.fromEntries(required.filter((name) => properties[name]).map((name) => [name, example(properties[name], depth + 1)]))
  }
  if (items && depth < 4) return [example(items, depth + 1)]
  if (format === 'date-time') return '2026-01-31T09:30:00.000Z'
  if (format === 'uuid') return '00000000-0000-7000-8000-000000000000'
  return { string: 'text', number: 1, integer: 1, boolean: true, array: [], object: {} }[type] ?? null
}

async function send({ method, path }, inputs, body, answer) {
  const query = new URLSearchParams()
  const token = byId('token').value
  const headers = token ? { authorization: 'Bearer ' + token } : {}
  let target = path.slice(1)
  for (const { parameter, input } of inputs) {
    if (input.value === '') continue
    if (parameter.in === 'path') target = target.replace('{' + parameter.name + '}', encodeURIComponent(input.value))
    else if (parameter.in === 'header') headers[parameter.name] = input.value
    else query.set(parameter.name, input.value)
  }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const url = target + (query.size > 0 ? '?' + query : '')
  answer.replaceChildren(element('p', { class: 'soft' }, 'Sending…'))
  try {
    const response = await fetch(url, { method: method.toUpperCase(), headers, body })
    const text = await response.text()
    const line = response.status + ' ' + method.toUpperCase() + ' ' + response.url
    answer.replaceChildren(element('p', { class: 'soft' }, line), element('pre', { tabindex: '0' }, pretty(text)))
  } catch (error) {
    answer.replaceChildren(element('p', {}, String(error)))
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}
`
