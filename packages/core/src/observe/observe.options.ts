/** How an instance shows itself to whoever runs it. */
export interface ObserveOptions {
  /**
   * Who may read `GET /metrics`: whoever has the permission `system:read`, or everybody who reaches it (behind a
   * firewall, or on a port of its own). `/health/details` always asks for the permission.
   * @default 'system:read'
   */
  readonly metrics?: 'system:read' | 'public'
}
