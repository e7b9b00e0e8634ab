/** State that session nodes share and may lose: rate windows and used tickets, behind a port. */
package dev.parley.session.coordination;
