/** Names of things that both services and the wire between them use. */
package dev.parley.common.id;
