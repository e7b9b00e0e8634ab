/** Asking another process whether it is there, by STUN (RFC 8489). */
package dev.parley.common.stun;
