/** State that session nodes share and may lose, behind ports of those who need it. */
package dev.parley.session.coordination;
