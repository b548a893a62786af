"""What no module may import, for each contract: a broken row each."""

# contract, the module that is edited, the line that is added
FORBIDDEN = [
    ("layers", "service.domain.quorum", "import service.storage"),
    ("layers", "service.storage.extra", "import service.aws"),
    ("layers", "service.aws.extra", "import service.storage"),
    ("layers", "service.storage.extra", "import service.usecases"),
    ("layers", "service.usecases.extra", "import service.web"),
    ("layers", "service.storage.extra", "import service.wire"),
    ("layers", "service.usecases.extra", "import service.config"),
    ("layers", "service.web.extra", "import service.bootstrap"),
    ("layers", "service.web.extra", "import service.ops"),
    ("layers", "service.wire.extra", "import service.storage"),
    ("web-app", "service.web.api.extra", "import service.web.app"),
    ("web-app", "service.bootstrap", "import service.web.app"),
    ("web-api", "service.web.extra", "import service.web.api"),
    ("web-api", "service.ops.extra", "import service.web.api"),
    ("web-pages", "service.web.extra", "import service.web.pages"),
    ("pages-and-api", "service.web.pages.extra", "import service.web.api"),
    ("pages-and-api", "service.web.api.extra", "import service.web.pages"),
    ("aws-rooms", "service.aws.notices.extra", "import service.aws.objects"),
    ("aws-rooms", "service.aws.objects.extra", "import service.aws.notices"),
    ("layers", "service.domain.quorum", "import service.clock"),
    *(
        ("domain", "service.domain.quorum", f"import {name}")
        for name in ("flask", "sqlalchemy", "boto3", "os", "socket", "time", "random", "crypto")
    ),
    ("domain", "service.domain.quorum", "from crypto.encoding import sha256"),
    ("crypto", "crypto.encoding", "import service.domain"),
    ("unsealing", "service.usecases.extra", "import crypto.unseal"),
    ("unsealing", "migrations.extra", "import crypto.unseal"),
    ("unsealing", "crypto.opening", "import crypto.unseal"),
    ("sharing", "service.ops.extra", "from crypto.sharing import combine"),
    ("sharing", "crypto.envelope", "import crypto.sharing"),
    *(
        (contract, f"service.client.shares.{module}", f"import crypto.{opened}")
        for contract, opened, modules in (
            ("unsealing", "unseal", ("extra", "combining", "resealing", "sealing")),
            ("sharing", "sharing", ("extra", "combining", "resealing", "sealing")),
            ("opening", "opening", ("extra", "opening", "resealing")),
        )
        for module in modules
    ),
    ("opening", "service.web.api.extra", "import crypto.opening"),
    ("deriving", "service.client.offline.extra", "import crypto.derived"),
    *(
        (contract, f"service.client.{room}.extra", f"import crypto.{module}")
        for contract, module in (
            ("unsealing", "unseal"),
            ("sharing", "sharing"),
            ("opening", "opening"),
        )
        for room in [
            "foundation",
            "link",
            "device",
            "trust",
            "cli",
            "commands",
            "offline",
            "audit",
            "witness",
        ]
    ),
    ("unlocking", "service.ops.extra", "from crypto import unlock"),
    ("unlocking", "service.storage.extra", "import crypto.phrase"),
    ("unlocking", "crypto.identity", "import crypto.unlock"),
    ("unlocking", "service.client.shares.extra", "import crypto.unlock"),
    ("unlocking", "service.client.commands.extra", "import crypto.phrase"),
    ("request-keys", "service.usecases.extra", "import crypto.requestkey"),
    ("request-keys", "service.client.shares.extra", "from crypto import requestkey"),
    ("shamir", "crypto.opening", "import shamir_mnemonic"),
    ("shamir", "service.client.extra", "from shamir_mnemonic import combine_mnemonics"),
    ("webauthn", "service.web.api.extra", "import webauthn"),
    ("webauthn", "service.usecases.extra", "from webauthn.helpers import parse_cbor"),
    ("client-is-alone", "service.ops.extra", "import service.client"),
    ("client-is-alone", "service.web.api.extra", "import service.client"),
    ("client-is-alone", "crypto.encoding", "import service.client"),
    ("client-server", "service.client.extra", "import service.storage"),
    ("client-server", "service.client.extra", "import service.config"),
    ("client-server", "service.wire.extra", "import service.usecases"),
    ("client-rooms", "service.client.offline.extra", "import service.client.main"),
    ("client-rooms", "service.client.commands.extra", "import service.client.offline"),
    ("client-rooms", "service.client.commands.extra", "import service.client.audit"),
    ("client-rooms", "service.client.audit.extra", "import service.client.witness"),
    ("client-rooms", "service.client.witness.extra", "import service.client.commands"),
    ("client-rooms", "service.client.cli.extra", "import service.client.commands"),
    ("client-rooms", "service.client.cli.extra", "import service.client.shares"),
    ("client-rooms", "service.client.shares.extra", "import service.client.cli"),
    ("client-rooms", "service.client.link.extra", "import service.client.device"),
    ("client-rooms", "service.client.device.extra", "import service.client.link"),
    ("client-rooms", "service.client.device.extra", "import service.client.shares"),
    ("client-rooms", "service.client.foundation.extra", "import service.client.trust"),
    ("audit-rooms", "service.client.audit.tree.extra", "import service.client.audit.replay"),
    ("audit-rooms", "service.client.audit.replay.extra", "import service.client.audit.report"),
    ("reports-see-no-leaf", "service.client.audit.report.extra", "import crypto.leaf"),
    ("reports-see-no-leaf", "service.client.audit.report.extra", "import crypto.statement"),
    (
        "reports-see-no-leaf",
        "service.client.audit.report.extra",
        "from service.client.audit.tree.blocks import Act",
    ),
    *(
        ("trust-is-pure", f"service.client.{room}.extra", f"import {name}")
        for room in ("trust", "audit.tree", "audit.replay")
        for name in ("socket", "httpx", "click", "service.clock", "service.client.cli")
    ),
    ("trust-is-pure", "service.client.trust.extra", "import service.client.link"),
    ("trust-is-pure", "service.client.trust.extra", "import service.client.device"),
    ("trust-reads-nothing", "service.client.trust.extra", "import os"),
    ("trust-reads-nothing", "service.client.trust.extra", "from pathlib import Path"),
    ("client-libraries", "service.client.extra", "import flask"),
    ("client-libraries", "service.client.extra", "import sqlalchemy.orm"),
    ("client-libraries", "service.client.extra", "import boto3"),
    ("client-libraries", "service.wire.extra", "import flask"),
]

# contract, a room that stands in none of its layers
UNLISTED = [("layers", "service.unlisted_room"), ("client-rooms", "service.client.unlisted_room")]
