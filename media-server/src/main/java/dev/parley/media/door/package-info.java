/** The door by which clients bring offers to this server themselves, with a ticket (ADR 0028). */
package dev.parley.media.door;
