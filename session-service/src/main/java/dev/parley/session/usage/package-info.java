/** What tenants have used: rolled up by day and region, each call once whatever dies. */
package dev.parley.session.usage;
