import * as z from 'zod'

const page = z
  .string()
  .max(500)
  .regex(/^\/(?!\/)[^\s\\]*$/, 'must be a path, such as /admin/sign-in')

/** The paths of the admin, unless the host has pages of its own. */
const pages = z.object({
  invitation: page
    .refine((path) => path.includes('{token}'), 'must say where the token goes, such as /join#token={token}')
    .default('/admin/invitation#token={token}'),
  signIn: page.default('/admin/sign-in'),
  forgotPassword: page.default('/admin/forgot-password'),
})

export const authOptions = z.object({
  registration: z
    .enum(['open', 'invite'])
    .default('invite')
    .describe('Whether strangers may sign up by themselves; they have no role until somebody grants one'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where people reach this installation: the origin of its cookies and the issuer of its tokens. That of the host’s mails, `mail.baseUrl`, unless given. With neither http://localhost:3000, and in production no start',
    ),
  origins: z
    .array(z.url())
    .default([])
    .describe('Other origins whose pages may send requests with the cookie, such as an admin of its own'),
  pages: pages
    .default(pages.parse({}))
    .describe('Where links in mails lead, below `baseUrl`; those of the admin unless given'),
  appName: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}:]*$/u)
    .default('Clientele')
    .describe('What mails and authenticator apps call this installation'),
  accessTokenSeconds: z
    .int()
    .min(30)
    .max(900)
    .default(600)
    .describe('How long an access token is good, in seconds; at most 15 minutes'),
  sessionDays: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('After how many days somebody must sign in again, however often they came'),
  tenantDomain: z
    .string()
    .max(200)
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name, such as shops.example.com')
    .optional()
    .describe('With shops.example.com, acme.shops.example.com is for the tenant acme'),
  domainGraceDays: z
    .number()
    .min(0)
    .max(90)
    .default(7)
    .describe('How long a domain stands for its tenant after the record that proves it is gone, in days'),
  tenantGraceDays: z
    .number()
    .min(0)
    .max(365)
    .default(30)
    .describe('How long the deletion of a tenant can be called off, in days'),
  invitationDays: z.int().min(1).max(90).default(7).describe('How long an invitation is good, in days'),
  operatorDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe('How long somebody who was made an operator has time to open the account, in days'),
})

/** What a host sets: `auth({ registration: 'open' })`. */
export type AuthOptions = z.input<typeof authOptions>
export type AuthConfig = z.output<typeof authOptions>
