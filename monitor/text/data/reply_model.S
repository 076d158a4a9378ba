/* The model of the reply check. */
        .include "monitor/text/data/embed.inc"

        embed reply_model, "replies.bin"
