/** The session service: builds, wires, starts and stops all its parts. */
package dev.parley.session;
