/** An item store in one local folder, or in memory, for a single session node. */
package dev.parley.session.store.embedded;
