/**
 * The messages that event loops and mix agents pass each other over rings, what a datagram carries,
 * and every limit of the media plane.
 */
package dev.parley.media.packet;
