/** Join tokens: who may enter which conference as what, signed and short-lived. */
package dev.parley.common.token;
