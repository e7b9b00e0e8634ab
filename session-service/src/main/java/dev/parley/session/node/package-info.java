/** The session nodes that there are: who beats, where media servers reach them, what they see. */
package dev.parley.session.node;
