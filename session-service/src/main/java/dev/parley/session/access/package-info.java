/** Who may do what: server keys, join tokens, event tickets, quotas. */
package dev.parley.session.access;
