/**
 * How much this node asks of the store at a time, and what is refused first when it is too much.
 */
package dev.parley.session.capacity;
