/** The control link between media servers and the session tier: messages and their JSON. */
package dev.parley.common.control;
